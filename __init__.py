"""Zhengling 政令图谱."""
