/** The blob store in a folder. */
@NullMarked
package dev.berth.registry.blob.filesystem;

import org.jspecify.annotations.NullMarked;
