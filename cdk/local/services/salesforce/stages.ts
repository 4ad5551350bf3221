type Stage = { readonly probability: number; readonly closed?: true; readonly won?: true };

/** The stages of a new org. A stage of another name counts as open. */
export const stages: Readonly<Record<string, Stage>> = {
  Prospecting: { probability: 10 },
  Qualification: { probability: 10 },
  'Needs Analysis': { probability: 20 },
  'Value Proposition': { probability: 50 },
  'Id. Decision Makers': { probability: 60 },
  'Perception Analysis': { probability: 70 },
  'Proposal/Price Quote': { probability: 75 },
  'Negotiation/Review': { probability: 90 },
  'Closed Won': { probability: 100, closed: true, won: true },
  'Closed Lost': { probability: 0, closed: true },
};
