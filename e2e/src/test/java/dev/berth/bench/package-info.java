/** Tests of the benchmark: that it measures what it says, not how fast anything is. */
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;
