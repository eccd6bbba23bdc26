/** The chart, rendered by Helm for every documented set of values. */
@NullMarked
package dev.berth.chart;

import org.jspecify.annotations.NullMarked;
