/**
 * The policy document: what the operator computed from Repositories and AccessPolicies, and what
 * the registry server enforces. Both sides share these classes, so nothing here knows Kubernetes or
 * an HTTP framework.
 */
@NullMarked
package dev.berth.policy;

import org.jspecify.annotations.NullMarked;
