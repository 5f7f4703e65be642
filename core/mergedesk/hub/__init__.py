"""Models on a hub: what they are, into the hub cache, and out to it.

Only ``hub.online`` reaches a hub, and only in a process of its own (``ask``); everything else stays offline.
"""
