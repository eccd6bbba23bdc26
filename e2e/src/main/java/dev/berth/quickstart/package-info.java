/** Starts everything that Berth needs on a bare machine with one command, and ends it again. */
@NullMarked
package dev.berth.quickstart;

import org.jspecify.annotations.NullMarked;
