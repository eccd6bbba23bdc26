/** Makes the YAML of the three kinds from their model, and tests both. */
@NullMarked
package dev.berth.api.crd;

import org.jspecify.annotations.NullMarked;
