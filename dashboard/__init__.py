"""The screen: Streamlit views over published builds. Only `launch` is used by the command line."""
