/** When retention runs, and the deleting. */
@NullMarked
package dev.berth.registry.retention.run;

import org.jspecify.annotations.NullMarked;
