/** Blobs in a folder, laid out as CNCF distribution lays it out. */
@NullMarked
package dev.berth.registry.blob.filesystem;

import org.jspecify.annotations.NullMarked;
