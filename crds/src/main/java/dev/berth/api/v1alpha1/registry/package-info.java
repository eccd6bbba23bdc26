/** The Registry kind: one OCI registry, where it keeps its data and how clients reach it. */
@NullMarked
package dev.berth.api.v1alpha1.registry;

import org.jspecify.annotations.NullMarked;
