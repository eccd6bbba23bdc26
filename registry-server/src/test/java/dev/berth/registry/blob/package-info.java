/** What every blob store must do. */
@NullMarked
package dev.berth.registry.blob;

import org.jspecify.annotations.NullMarked;
