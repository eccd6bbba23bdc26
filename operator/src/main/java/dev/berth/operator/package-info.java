/**
 * The operator's process: what it is configured with, how its parts are put together, and how it
 * starts and ends.
 */
@NullMarked
package dev.berth.operator;

import org.jspecify.annotations.NullMarked;
