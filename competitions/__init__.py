"""乡村振兴职业技能大赛: skill contests, national and local."""
