/**
 * The ServiceAccounts of the cluster and the keys by which their tokens are signed: what a registry
 * server, which asks no Kubernetes API, needs to tell them apart.
 */
@NullMarked
package dev.berth.operator.serviceaccount;

import org.jspecify.annotations.NullMarked;
