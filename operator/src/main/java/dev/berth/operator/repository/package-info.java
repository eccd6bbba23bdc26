/** The Repository kind: reports whether it counts, as the compiled policy of its Registry says. */
@NullMarked
package dev.berth.operator.repository;

import org.jspecify.annotations.NullMarked;
