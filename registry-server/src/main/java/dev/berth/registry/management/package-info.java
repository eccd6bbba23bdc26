/** The second port: policy and usage for the operator, health and metrics for the cluster. */
@NullMarked
package dev.berth.registry.management;

import org.jspecify.annotations.NullMarked;
