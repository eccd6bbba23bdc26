/** Tests of the quickstart, the last of them with real clients. */
@NullMarked
package dev.berth.quickstart;

import org.jspecify.annotations.NullMarked;
