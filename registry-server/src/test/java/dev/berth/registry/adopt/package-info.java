/** Tests of the adoption. */
@NullMarked
package dev.berth.registry.adopt;

import org.jspecify.annotations.NullMarked;
