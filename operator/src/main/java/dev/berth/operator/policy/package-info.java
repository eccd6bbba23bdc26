/**
 * Compiles what Repositories and AccessPolicies declare into one policy document, and says of each
 * whether it counts.
 */
@NullMarked
package dev.berth.operator.policy;

import org.jspecify.annotations.NullMarked;
