/** The rules of the specifications, as examples and properties. */
@NullMarked
package dev.berth.registry.oci;

import org.jspecify.annotations.NullMarked;
