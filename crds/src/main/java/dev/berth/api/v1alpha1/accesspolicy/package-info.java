/** The AccessPolicy kind: who may do what in which repositories. */
@NullMarked
package dev.berth.api.v1alpha1.accesspolicy;

import org.jspecify.annotations.NullMarked;
