/** What kinds the embedded API serves, and how the fields of each are merged. */
@NullMarked
package dev.berth.embedded.resource;

import org.jspecify.annotations.NullMarked;
