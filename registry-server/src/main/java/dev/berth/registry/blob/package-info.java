/** Where the bytes of blobs and manifests lie, and how they come to lie there whole. */
@NullMarked
package dev.berth.registry.blob;

import org.jspecify.annotations.NullMarked;
