/** Who a caller is and what it may do: credentials, tokens, and the policy in force. */
@NullMarked
package dev.berth.registry.auth;

import org.jspecify.annotations.NullMarked;
