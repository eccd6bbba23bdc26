/** Tests of when retention runs. */
@NullMarked
package dev.berth.registry.retention.run;

import org.jspecify.annotations.NullMarked;
