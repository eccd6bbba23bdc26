/**
 * A node of one machine: plays the workload controllers and the kubelet for a Kubernetes API that
 * has none, so that what an operator renders runs as local processes without a container engine.
 */
@NullMarked
package dev.berth.quickstart.node;

import org.jspecify.annotations.NullMarked;
