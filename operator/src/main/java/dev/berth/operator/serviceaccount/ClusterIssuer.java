package dev.berth.operator.serviceaccount;

/**
 * Who issues the tokens of ServiceAccounts.
 *
 * @param issuer as the claim {@code iss} has it
 * @param keys the public keys, as a JSON Web Key Set; equal keys are equal text
 */
public record ClusterIssuer(String issuer, String keys) {}
