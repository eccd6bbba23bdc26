/** What every kind needs of the Kubernetes API: labels, names, conditions, events. */
@NullMarked
package dev.berth.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
