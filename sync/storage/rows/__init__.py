"""What the store answers with: frozen rows, one class a question's shape. JSON columns come parsed."""
