/**
 * What a push, a pull or a delete does: stored bytes and metadata brought together, in the order
 * that leaves nothing half visible.
 */
@NullMarked
package dev.berth.registry.content;

import org.jspecify.annotations.NullMarked;
