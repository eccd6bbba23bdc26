/** The Helm chart as programs see it: rendered, linted and packaged with Helm itself. */
@NullMarked
package dev.berth.chart;

import org.jspecify.annotations.NullMarked;
