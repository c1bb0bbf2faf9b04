"""The bus as a process uses it: one group of batches in, one producer out.

FastStream runs the consumer; acknowledgement is ours, because only what was written and told may
be committed, and by explicit offsets.
"""

from shared.runtime.bus.cluster import KafkaWatch
from shared.runtime.bus.consumer import KafkaIn, Suspect
from shared.runtime.bus.draining import TopicMissing, drain, whole
from shared.runtime.bus.producer import KafkaOut
from shared.runtime.bus.profiles import MEMBERSHIPS, Group, Membership

__all__ = [
    "MEMBERSHIPS",
    "Group",
    "KafkaIn",
    "KafkaOut",
    "KafkaWatch",
    "Membership",
    "Suspect",
    "TopicMissing",
    "drain",
    "whole",
]
