/** Berth as its users meet it: the quickstart's processes, and real clients against them. */
@NullMarked
package dev.berth.e2e;

import org.jspecify.annotations.NullMarked;
