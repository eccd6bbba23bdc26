/** Compares what the metadata says with what is stored, and mends both. Knows no framework. */
@NullMarked
package dev.berth.registry.fsck;

import org.jspecify.annotations.NullMarked;
