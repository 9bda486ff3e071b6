"""Pages and endpoints of our own before Streamlit: small forms for what is secret, and files as they arrive."""
