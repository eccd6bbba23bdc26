/** The AccessPolicy kind: reports whether it counts and whether every replica decides by it. */
@NullMarked
package dev.berth.operator.access;

import org.jspecify.annotations.NullMarked;
