// What there is in the mall: where the API shows it, and the fields that the contract gives it.
// `{}` in a path stands for an id.

/// One thing of each kind. What is `like` another kind goes by the same id.
export const kinds = {
  store: {
    at: "/api/stores/{}",
    in: "store",
    fields: ["id", "name", "location", "participating"],
  },
  product: {
    at: "/api/stores/products/{}",
    in: "product",
    fields: ["id", "storeId", "name", "description", "sku", "price"],
  },
  customer: {
    at: "/api/customers/{}",
    in: "customer",
    fields: ["id", "name", "smsNumber", "enabled"],
  },
  basket: {
    at: "/api/baskets/{}",
    in: "basket",
    fields: ["id", "items"],
    items: ["storeId", "productId", "storeName", "productName", "productPrice", "quantity"],
    full: ["id", "items", "customerId", "paymentId", "status"],
  },
  order: {
    like: "basket",
    at: "/api/ordering/{}",
    in: "order",
    fields: [
      ...["id", "customerId", "paymentId", "items", "status"],
      ...["invoiceId", "shoppingId", "total", "createdAt"],
    ],
    items: ["storeId", "productId", "storeName", "productName", "price", "quantity"],
  },
  "found order": {
    like: "basket",
    at: "/api/search/orders/{}",
    in: "order",
    fields: ["orderId", "customerId", "customerName", "items", "total", "status", "createdAt"],
    items: ["productId", "storeId", "productName", "storeName", "price", "quantity"],
  },
  "shopping list": {
    at: "/api/depot/shopping/{}",
    in: "shoppingList",
    fields: ["id", "orderId", "status", "assignedBotId", "stops"],
  },
  payment: {
    at: "/api/payments/{}",
    in: "payment",
    fields: ["id", "customerId", "amount", "status"],
  },
  invoice: {
    like: "basket",
    at: "/api/payments/invoices/{}",
    in: "invoice",
    fields: ["id", "orderId", "amount", "status"],
  },
  bot: { in: "bot", fields: ["id", "name", "status"] },
};

/// Lists of them; in those of the whole mall a scenario sees only what is its own.
export const lists = {
  stores: { at: "/api/stores", of: "store", in: "stores" },
  "participating stores": { at: "/api/stores/participating", of: "store", in: "stores" },
  products: { at: "/api/stores/{}/products", of: "product", in: "products" },
  customers: { at: "/api/customers", of: "customer", in: "customers", next: true },
  bots: { at: "/api/depot/bots", of: "bot", in: "bots" },
  "shopping lists": {
    at: "/api/depot/shopping",
    by: { order: "orderId", status: "status" },
    of: "shopping list",
    in: "shoppingLists",
    next: true,
  },
  notifications: {
    at: "/api/notifications",
    by: { customer: "customerId" },
    of: "notification",
    in: "notifications",
    next: true,
    fields: ["id", "customerId", "orderId", "kind", "text", "smsNumber", "event", "sentAt"],
  },
};

/// "SMS number" as the API writes it: smsNumber.
export function field_of(words) {
  return words.toLowerCase().replace(/ (\w)/g, (_, first) => first.toUpperCase());
}
