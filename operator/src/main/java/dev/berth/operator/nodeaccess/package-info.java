/**
 * Lets kubelets pull by the names of a registry: what each node's container runtime is told, the
 * agent that writes it, and how the nodes stand.
 */
@NullMarked
package dev.berth.operator.nodeaccess;

import org.jspecify.annotations.NullMarked;
