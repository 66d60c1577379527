"""Every act that the journal records, with its Chinese word. Each room has its own block."""

from enum import StrEnum

from app.errors import N_


class Act(StrEnum):
    """A dotted name of what was done; never renamed, since old records hold it."""

    # accounts
    SIGNED_IN = "accounts.signed_in"
    SIGN_IN_REFUSED = "accounts.sign_in_refused"
    SIGNED_OUT = "accounts.signed_out"
    ACCOUNT_CREATED = "accounts.account.created"
    ACCOUNT_LINKED = "accounts.account.linked"
    ACCOUNT_RENAMED = "accounts.account.renamed"
    ACCOUNT_CLOSED = "accounts.account.closed"
    ACCOUNT_REOPENED = "accounts.account.reopened"
    PASSWORD_CHANGED = "accounts.password.changed"  # noqa: S105 - the name of an act
    INVITED = "accounts.invited"
    INVITATION_TAKEN = "accounts.invitation.taken"
    DUTY_GRANTED = "accounts.duty.granted"
    DUTY_ENDED = "accounts.duty.ended"
    # people
    PERSON_ADDED = "people.person.added"
    PERSON_CHANGED = "people.person.changed"
    PHOTO_KEPT = "people.photo.kept"
    PHOTO_REMOVED = "people.photo.removed"
    VAULT_KEY_REPLACED = "people.vault.key_replaced"
    ORGANIZATION_ADDED = "people.organization.added"
    ORGANIZATION_CHANGED = "people.organization.changed"
    REGIONS_IMPORTED = "people.regions.imported"
    HOLIDAYS_ENTERED = "holidays.days.entered"
    HOLIDAYS_CORRECTED = "holidays.days.corrected"
    HOLIDAYS_TAKEN_BACK = "holidays.days.taken_back"
    # spreadsheets
    WORKBOOK_UPLOADED = "imports.workbook.uploaded"
    WORKBOOK_CONFIRMED = "imports.workbook.confirmed"
    WORKBOOK_WITHDRAWN = "imports.workbook.withdrawn"
    WORKBOOK_IMPORTED = "imports.workbook.imported"
    WORKBOOK_EXPORTED = "imports.workbook.exported"
    # competitions
    COMPETITION_CREATED = "competitions.competition.created"
    COMPETITION_CHANGED = "competitions.competition.changed"
    COMPETITION_STEPPED = "competitions.competition.stepped"
    EVENT_CREATED = "competitions.event.created"
    EVENT_CHANGED = "competitions.event.changed"
    EVENT_STAGED = "competitions.event.staged"
    SCHEME_WRITTEN = "competitions.scheme.written"
    RULE_SET_WRITTEN = "competitions.rule_set.written"
    RULE_SET_CHANGED = "competitions.rule_set.changed"
    RULE_SET_BOUND = "competitions.event.rule_set_bound"
    SCHEME_REPLACED = "competitions.scheme.replaced"
    DELEGATION_ADDED = "competitions.delegation.added"
    DELEGATION_CHANGED = "competitions.delegation.changed"
    ENTRY_REGISTERED = "competitions.entry.registered"
    ENTRY_CHANGED = "competitions.entry.changed"
    ENTRY_VETTED = "competitions.entry.vetted"
    ENTRIES_IMPORTED = "competitions.entries.imported"
    ENTRIES_EXPORTED = "competitions.entries.exported"
    JUDGE_REGISTERED = "competitions.judge.registered"
    JUDGE_CHANGED = "competitions.judge.changed"
    CHECKED_IN = "competitions.entry.checked_in"
    CODES_DRAWN = "competitions.codes.drawn"
    CODE_TABLE_READ = "competitions.code_table.read"
    CODE_BOOK_KEY = "competitions.code_book.key"
    CODE_BOOK_UNSEALED = "competitions.code_book.unsealed"
    JUDGE_ASSIGNED = "competitions.judge.assigned"
    JUDGE_WITHDRAWN = "competitions.judge.withdrawn"
    CONFLICT_DECLARED = "competitions.conflict.declared"
    STAND_IN_SEATED = "competitions.stand_in.seated"
    CODE_STANDING_RECORDED = "competitions.code_standing.recorded"
    CODE_STANDING_TAKEN_BACK = "competitions.code_standing.taken_back"
    POINTS_DEDUCTED = "competitions.points.deducted"
    DEDUCTION_TAKEN_BACK = "competitions.deduction.taken_back"
    TIME_RECORDED = "competitions.time.recorded"
    PROPOSAL_MADE = "competitions.proposal.made"
    PROPOSAL_VOTED = "competitions.proposal.voted"
    PROPOSAL_CONFIRMED = "competitions.proposal.confirmed"
    PROPOSAL_APPLIED = "competitions.proposal.applied"
    PROPOSAL_CANCELED = "competitions.proposal.canceled"
    PROPOSAL_OUTDATED = "competitions.proposal.outdated"
    RESULTS_COMPUTED = "competitions.results.computed"
    CALCULATORS_DIFFERED = "competitions.calculators.differed"
    TIE_ORDER_PROPOSED = "competitions.tie.order_proposed"
    TIE_DECIDED = "competitions.tie.decided"
    RESULTS_PUBLISHED = "competitions.results.published"
    # assessments
    SPECIFICATION_CREATED = "assessments.specification.created"
    SPECIFICATION_REVISED = "assessments.specification.revised"
    SPECIFICATION_STEPPED = "assessments.specification.stepped"
    SITTING_PLANNED = "assessments.sitting.planned"
    SITTING_CHANGED = "assessments.sitting.changed"
    SITTING_STEPPED = "assessments.sitting.stepped"
    EXAMINER_DISPATCHED = "assessments.examiner.dispatched"
    EXAMINER_CHANGED = "assessments.examiner.changed"
    EXAMINER_WITHDRAWN = "assessments.examiner.withdrawn"
    CANDIDATE_ENROLLED = "assessments.candidate.enrolled"
    CANDIDATE_CHANGED = "assessments.candidate.changed"
    CANDIDATES_SEATED = "assessments.candidates.seated"
    ATTENDANCE_RECORDED = "assessments.attendance.recorded"
    SITTING_GRADED = "assessments.sitting.graded"
    SITTING_PUBLISHED = "assessments.sitting.published"
    # certificates
    CERTIFICATES_ORDERED = "certificates.batch.ordered"
    CERTIFICATES_EARLY = "certificates.batch.early"
    CERTIFICATES_ISSUED = "certificates.batch.issued"
    CERTIFICATES_STOPPED = "certificates.batch.stopped"
    CERTIFICATES_CONTINUED = "certificates.batch.continued"
    CERTIFICATE_REVOKED = "certificates.certificate.revoked"
    CERTIFICATE_RESTORED = "certificates.certificate.restored"
    CERTIFICATE_CORRECTED = "certificates.certificate.corrected"
    CERTIFICATE_REISSUED = "certificates.certificate.reissued"
    CERTIFICATES_SEALED = "certificates.register.sealed"
    ISSUER_ADDED = "certificates.issuer.added"
    ISSUER_CHANGED = "certificates.issuer.changed"
    NUMBER_TEMPLATE_SET = "certificates.number_template.set"
    KEY_ROTATED = "certificates.key.rotated"
    KEY_COMPROMISED = "certificates.key.compromised"
    KEY_RETIRED = "certificates.key.retired"
    LOG_KEY_REPLACED = "certificates.key.log_replaced"
    KEY_CHANGE_PROPOSED = "certificates.key.proposed"
    KEY_CHANGE_DECLINED = "certificates.key.declined"
    LOG_CONTINUED = "certificates.log.continued"
    # sheets
    SHEETS_OPENED = "sheets.sheets.opened"
    SHEETS_SUBMITTED = "sheets.sheets.submitted"
    SHEETS_SIGNED = "sheets.sheets.signed"
    SHEET_RETURNED = "sheets.sheet.returned"
    SHEETS_VOIDED = "sheets.sheets.voided"
    SHEETS_REOPENED = "sheets.sheets.reopened"
    LEDGER_LOCKED = "sheets.ledger.locked"
    SHEETS_REFITTED = "sheets.sheets.refitted"
    MARKS_KEYED = "sheets.marks.keyed"
    MARK_DECIDED = "sheets.mark.decided"
    AMENDMENT_PROPOSED = "sheets.amendment.proposed"
    AMENDMENT_CONFIRMED = "sheets.amendment.confirmed"
    AMENDMENT_REFUSED = "sheets.amendment.refused"
    REPUBLISHING_PROPOSED = "sheets.republishing.proposed"
    REPUBLISHED = "sheets.republishing.confirmed"
    TABLET_PAIRED = "sheets.tablet.paired"
    TABLET_REVOKED = "sheets.tablet.revoked"
    TABLET_SETTLED = "sheets.tablet.settled"
    TABLET_NAMED = "sheets.tablet.named"
    TABLET_RETURNED = "sheets.tablet.returned"
    TABLET_OPENED = "sheets.tablet.opened"
    TABLET_LEFT = "sheets.tablet.left"
    TABLET_AHEAD = "sheets.tablet.ahead"
    PAIRING_OFFERED = "sheets.pairing.offered"
    BADGES_ISSUED = "sheets.badges.issued"
    LEDGER_SET = "sheets.ledger.set"
    BACKUP_TAKEN_IN = "sheets.backup.taken_in"


LABELS: dict[Act, str] = {
    Act.SIGNED_IN: N_("登录"),
    Act.SIGN_IN_REFUSED: N_("登录被拒"),
    Act.SIGNED_OUT: N_("退出登录"),
    Act.ACCOUNT_CREATED: N_("建立账号"),
    Act.ACCOUNT_LINKED: N_("登记账号所属人员"),
    Act.ACCOUNT_RENAMED: N_("更正账号姓名"),
    Act.ACCOUNT_CLOSED: N_("停用账号"),
    Act.ACCOUNT_REOPENED: N_("恢复账号"),
    Act.PASSWORD_CHANGED: N_("修改密码"),
    Act.INVITED: N_("发出一次性链接"),
    Act.INVITATION_TAKEN: N_("使用一次性链接"),
    Act.DUTY_GRANTED: N_("授予职责"),
    Act.DUTY_ENDED: N_("结束职责"),
    Act.PERSON_ADDED: N_("登记人员"),
    Act.PERSON_CHANGED: N_("修改人员"),
    Act.PHOTO_KEPT: N_("存入人员照片"),
    Act.PHOTO_REMOVED: N_("删除人员照片"),
    Act.VAULT_KEY_REPLACED: N_("更换证件号的密钥"),
    Act.ORGANIZATION_ADDED: N_("登记单位"),
    Act.ORGANIZATION_CHANGED: N_("修改单位"),
    Act.REGIONS_IMPORTED: N_("导入行政区划"),
    Act.HOLIDAYS_ENTERED: N_("录入放假安排"),
    Act.HOLIDAYS_CORRECTED: N_("更正放假安排"),
    Act.HOLIDAYS_TAKEN_BACK: N_("撤回放假安排中的日子"),
    Act.WORKBOOK_UPLOADED: N_("上传表格"),
    Act.WORKBOOK_CONFIRMED: N_("确认导入"),
    Act.WORKBOOK_WITHDRAWN: N_("放弃导入"),
    Act.WORKBOOK_IMPORTED: N_("导入表格"),
    Act.WORKBOOK_EXPORTED: N_("导出表格"),
    Act.COMPETITION_CREATED: N_("建立大赛"),
    Act.COMPETITION_CHANGED: N_("修改大赛"),
    Act.COMPETITION_STEPPED: N_("大赛状态变更"),
    Act.EVENT_CREATED: N_("建立赛项"),
    Act.EVENT_CHANGED: N_("修改赛项"),
    Act.EVENT_STAGED: N_("赛项阶段变更"),
    Act.SCHEME_WRITTEN: N_("编写评分标准"),
    Act.RULE_SET_WRITTEN: N_("建立评分规则"),
    Act.RULE_SET_CHANGED: N_("修改评分规则"),
    Act.RULE_SET_BOUND: N_("换用评分规则"),
    Act.SCHEME_REPLACED: N_("更换已锁定的评分标准"),
    Act.DELEGATION_ADDED: N_("登记代表队"),
    Act.DELEGATION_CHANGED: N_("修改代表队"),
    Act.ENTRY_REGISTERED: N_("登记报名"),
    Act.ENTRY_CHANGED: N_("修改报名"),
    Act.ENTRY_VETTED: N_("审查报名"),
    Act.ENTRIES_IMPORTED: N_("导入报名"),
    Act.ENTRIES_EXPORTED: N_("导出报名"),
    Act.JUDGE_REGISTERED: N_("登记裁判"),
    Act.JUDGE_CHANGED: N_("修改裁判"),
    Act.CHECKED_IN: N_("检录"),
    Act.CODES_DRAWN: N_("抽取加密号"),
    Act.CODE_TABLE_READ: N_("查看密封表"),
    Act.CODE_BOOK_KEY: N_("申请解密"),
    Act.CODE_BOOK_UNSEALED: N_("解密"),
    Act.JUDGE_ASSIGNED: N_("安排裁判席位"),
    Act.JUDGE_WITHDRAWN: N_("撤下裁判"),
    Act.CONFLICT_DECLARED: N_("登记回避"),
    Act.STAND_IN_SEATED: N_("裁判顶替"),
    Act.CODE_STANDING_RECORDED: N_("登记缺考、弃权或取消资格"),
    Act.CODE_STANDING_TAKEN_BACK: N_("撤销缺考、弃权或取消资格"),
    Act.POINTS_DEDUCTED: N_("违规扣分"),
    Act.DEDUCTION_TAKEN_BACK: N_("撤销扣分"),
    Act.TIME_RECORDED: N_("登记用时"),
    Act.PROPOSAL_MADE: N_("提出更改"),
    Act.PROPOSAL_VOTED: N_("对更改表决"),
    Act.PROPOSAL_CONFIRMED: N_("确认更改"),
    Act.PROPOSAL_APPLIED: N_("更改生效"),
    Act.PROPOSAL_CANCELED: N_("撤回更改提议"),
    Act.PROPOSAL_OUTDATED: N_("更改提议失效"),
    Act.RESULTS_COMPUTED: N_("计算成绩"),
    Act.CALCULATORS_DIFFERED: N_("两套程序不一致"),
    Act.TIE_ORDER_PROPOSED: N_("裁定并列名次，待监督确认"),
    Act.TIE_DECIDED: N_("裁定并列名次"),
    Act.RESULTS_PUBLISHED: N_("公布成绩"),
    Act.SPECIFICATION_CREATED: N_("起草规范"),
    Act.SPECIFICATION_REVISED: N_("修改规范"),
    Act.SPECIFICATION_STEPPED: N_("规范状态变更"),
    Act.SITTING_PLANNED: N_("建立考核批次"),
    Act.SITTING_CHANGED: N_("修改考核批次"),
    Act.SITTING_STEPPED: N_("考核批次状态变更"),
    Act.EXAMINER_DISPATCHED: N_("派遣考评员"),
    Act.EXAMINER_CHANGED: N_("修改派遣的考评员"),
    Act.EXAMINER_WITHDRAWN: N_("撤回派遣"),
    Act.CANDIDATE_ENROLLED: N_("登记考生"),
    Act.CANDIDATE_CHANGED: N_("修改考生"),
    Act.CANDIDATES_SEATED: N_("编排考号"),
    Act.ATTENDANCE_RECORDED: N_("登记到考情况"),
    Act.SITTING_GRADED: N_("评定成绩"),
    Act.SITTING_PUBLISHED: N_("公布考核结果"),
    Act.CERTIFICATES_ORDERED: N_("发起签发"),
    Act.CERTIFICATES_EARLY: N_("说明为什么在公示期内签发证书"),
    Act.CERTIFICATES_ISSUED: N_("签发完成"),
    Act.CERTIFICATES_STOPPED: N_("签发中止"),
    Act.CERTIFICATES_CONTINUED: N_("继续签发"),
    Act.CERTIFICATE_REVOKED: N_("撤销证书"),
    Act.CERTIFICATE_RESTORED: N_("恢复证书"),
    Act.CERTIFICATE_CORRECTED: N_("更正证书"),
    Act.CERTIFICATE_REISSUED: N_("补发证书"),
    Act.CERTIFICATES_SEALED: N_("给证书登记加封记"),
    Act.ISSUER_ADDED: N_("登记发证机构"),
    Act.ISSUER_CHANGED: N_("修改发证机构"),
    Act.NUMBER_TEMPLATE_SET: N_("设置编号模板"),
    Act.KEY_ROTATED: N_("更换签发密钥"),
    Act.KEY_COMPROMISED: N_("声明密钥失密"),
    Act.KEY_RETIRED: N_("停用签发密钥"),
    Act.LOG_KEY_REPLACED: N_("启用新的日志密钥"),
    Act.KEY_CHANGE_PROPOSED: N_("提出密钥变更"),
    Act.KEY_CHANGE_DECLINED: N_("否决密钥变更"),
    Act.LOG_CONTINUED: N_("声明证书日志完整"),
    Act.SHEETS_OPENED: N_("生成评分表"),
    Act.SHEETS_SUBMITTED: N_("提交评分表"),
    Act.SHEETS_SIGNED: N_("评分表签字"),
    Act.SHEET_RETURNED: N_("退回评分表"),
    Act.SHEETS_VOIDED: N_("评分表不计"),
    Act.SHEETS_REOPENED: N_("评分表恢复评分"),
    Act.LEDGER_LOCKED: N_("锁定评分"),
    Act.SHEETS_REFITTED: N_("评分表换用新的标准或规则"),
    Act.MARKS_KEYED: N_("录入分数"),
    Act.MARK_DECIDED: N_("裁定分数"),
    Act.AMENDMENT_PROPOSED: N_("提出更正"),
    Act.AMENDMENT_CONFIRMED: N_("确认更正"),
    Act.AMENDMENT_REFUSED: N_("不同意更正"),
    Act.REPUBLISHING_PROPOSED: N_("提出更正公布"),
    Act.REPUBLISHED: N_("更正公布"),
    Act.TABLET_PAIRED: N_("登记平板"),
    Act.TABLET_REVOKED: N_("停用平板"),
    Act.TABLET_SETTLED: N_("不再等待停用平板的分数"),
    Act.TABLET_NAMED: N_("命名平板"),
    Act.TABLET_RETURNED: N_("收回平板"),
    Act.TABLET_OPENED: N_("凭胸牌打开平板"),
    Act.TABLET_LEFT: N_("退出平板"),
    Act.TABLET_AHEAD: N_("恢复备份之后平板从头补传"),
    Act.PAIRING_OFFERED: N_("出示平板登记码"),
    Act.BADGES_ISSUED: N_("制作裁判胸牌"),
    Act.LEDGER_SET: N_("设置评分表"),
    Act.BACKUP_TAKEN_IN: N_("导入平板备份"),
}
