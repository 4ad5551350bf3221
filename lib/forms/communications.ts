/** Kinds of mail that one form may ask for: each takes two writes of a submission's transaction, which has a hundred for everything. */
export const mostCommunications = 30;
