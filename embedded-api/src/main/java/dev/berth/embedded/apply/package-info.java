/** Field ownership and the four ways to patch an object. */
@NullMarked
package dev.berth.embedded.apply;

import org.jspecify.annotations.NullMarked;
