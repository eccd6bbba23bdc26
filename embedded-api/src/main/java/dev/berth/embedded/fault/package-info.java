/**
 * What can be made to go wrong between an API in memory and its clients, and who asked for what.
 * Tests reach it by {@link dev.berth.embedded.EmbeddedApi#faults()}.
 */
@NullMarked
package dev.berth.embedded.fault;

import org.jspecify.annotations.NullMarked;
