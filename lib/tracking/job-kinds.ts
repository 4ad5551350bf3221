export const visitorEraseKind = 'visitor-erase';
