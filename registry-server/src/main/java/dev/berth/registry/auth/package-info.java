/** What a caller may do: tokens, and decisions by the policy in force. */
@NullMarked
package dev.berth.registry.auth;

import org.jspecify.annotations.NullMarked;
