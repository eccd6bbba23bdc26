/** The Repository kind: what holds for one repository or for every one below a path. */
@NullMarked
package dev.berth.api.v1alpha1.repository;

import org.jspecify.annotations.NullMarked;
