/**
 * What the three kinds share: references, selections, retention rules and the grammar of their
 * strings.
 */
@NullMarked
package dev.berth.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
