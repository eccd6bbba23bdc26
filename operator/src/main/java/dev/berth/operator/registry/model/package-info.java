/**
 * What a Registry comes to once every reference is resolved: immutable, and all that its children
 * render.
 */
@NullMarked
package dev.berth.operator.registry.model;

import org.jspecify.annotations.NullMarked;
