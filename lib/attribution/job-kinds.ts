export const attributionRecountKind = 'attribution-recount';
