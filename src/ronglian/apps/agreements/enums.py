"""Code lists of agreements, in the field's standard terms (docs/reference/glossary.yaml).

The values are those of the engines (engines/contracts, engines/money); a test holds the two equal.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementKind(models.TextChoices):
    """技术合同类别 (民法典 843–887)."""

    COMMISSIONED_DEVELOPMENT = "commissioned_development", _("commissioned development")
    JOINT_DEVELOPMENT = "joint_development", _("joint development")
    CONVERSION = "conversion", _("conversion of a result")
    TRANSFER = "transfer", _("transfer of technology")
    LICENCE = "licence", _("licence of technology")
    CONSULTING = "consulting", _("technology consulting")
    SERVICE = "service", _("technology service")
    TRAINING = "training", _("technology training")
    INTERMEDIATION = "intermediation", _("technology intermediation")


class AgreementState(models.TextChoices):
    """合同状态."""

    DRAFT = "draft", _("being drafted")
    NEGOTIATING = "negotiating", _("being negotiated")
    IN_FORCE = "in_force", _("in force")
    COMPLETED = "completed", _("performed")
    TERMINATED = "terminated", _("terminated")
    ABANDONED = "abandoned", _("given up")


OPEN_TO_TERMS = (AgreementState.DRAFT, AgreementState.NEGOTIATING)


class Side(models.TextChoices):
    """合同一方."""

    CLIENT = "client", _("party A (pays)")
    PROVIDER = "provider", _("party B (provides)")


class LicenceKind(models.TextChoices):
    """许可方式 (法释 第25条)."""

    EXCLUSIVE = "exclusive", _("exclusive licence")
    SOLE = "sole", _("sole licence")
    ORDINARY = "ordinary", _("ordinary licence")
    OPEN = "open", _("open patent licence")


class RightKind(models.TextChoices):
    """知识产权类别."""

    PATENT = "patent", _("patent")
    PATENT_APPLICATION = "patent_application", _("patent application")
    KNOW_HOW = "know_how", _("know-how")
    SOFTWARE = "software", _("software copyright")
    LAYOUT_DESIGN = "layout_design", _("layout design of integrated circuits")
    PLANT_VARIETY = "plant_variety", _("plant variety")


class Restraint(models.TextChoices):
    """非法垄断技术的限制 (法释 第10条)."""

    GRANT_BACK = "grant_back", _("improvements go back without consideration")
    NO_COMPETING_TECHNOLOGY = "no_competing_technology", _("no competing technology from others")
    LIMITED_EXPLOITATION = "limited_exploitation", _("unreasonable limits on quantity, price or outlets")
    TYING = "tying", _("things one does not need have to be taken, too")
    LIMITED_SOURCES = "limited_sources", _("unreasonable limits on where to buy")
    NO_CHALLENGE = "no_challenge", _("the validity of the right may not be challenged")


class DueOn(models.TextChoices):
    """付款条件."""

    SIGNING = "signing", _("on signing")
    DAY = "day", _("on a day")
    ACCEPTANCE = "acceptance", _("on acceptance")
    PAYMENT_START = "payment_start", _("after payment has started")


class RoyaltyBase(models.TextChoices):
    """提成基数 (民法典 846)."""

    SALES = "sales", _("sales")
    PROFIT = "profit", _("profit")
    OUTPUT_VALUE = "output_value", _("added output value")
    PRODUCT_PRICE = "product_price", _("price of the products")


class PaymentStart(models.TextChoices):
    """起付条件 (先用后付)."""

    DAY = "day", pgettext_lazy("start of payment", "a day")
    FIRST_INCOME = "first_income", _("the first income")
    OUTPUT = "output", _("an output that was reached")


class PaymentState(models.TextChoices):
    """应付款状态."""

    WAITING = "waiting", _("not due yet")
    DUE = "due", pgettext_lazy("payment", "due")
    REFUSED = "refused", _("acceptance refused")


class MovementKind(models.TextChoices):
    """款项变动类别."""

    CLAIM = "claim", pgettext_lazy("payment", "claimed")
    HOLD = "hold", _("paid into escrow")
    RELEASE = "release", _("released from escrow")
    RETAIN = "retain", _("retained")
    RELEASE_RETAINED = "release_retained", _("retention released")
    REFUND = "refund", _("refunded from escrow")
    REFUND_RETAINED = "refund_retained", _("retention refunded")
    PAY = "pay", _("paid directly")
    PAY_BACK = "pay_back", _("paid back")
    WAIVE = "waive", _("waived")


class MovementState(models.TextChoices):
    """款项变动状态."""

    TOLD = "told", _("waits for the other side")
    CONFIRMED = "confirmed", _("confirmed")
    DISPUTED = "disputed", _("disputed")


class DemandState(models.TextChoices):
    """催告状态."""

    OPEN = "open", pgettext_lazy("demand", "open")
    CURED = "cured", _("paid, the default is cured")
    ENDED = "ended", _("the agreement ended")


class EndKind(models.TextChoices):
    """终止方式."""

    FULFILLED = "fulfilled", _("everything is fulfilled")
    EARLY = "early", _("ended early by both")


class EndProposalState(models.TextChoices):
    """终止提议状态."""

    PROPOSED = "proposed", _("waits for the other side")
    AGREED = "agreed", pgettext_lazy("proposal", "agreed")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")


class DistributionState(models.TextChoices):
    """收益分配方案状态."""

    PROPOSED = "proposed", pgettext_lazy("plan of shares", "proposed")
    NOTICED = "noticed", _("on public notice")
    EFFECTIVE = "effective", _("effective")
    PAID = "paid", pgettext_lazy("plan of shares", "paid out")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ShareObjectionState(models.TextChoices):
    """分配异议状态."""

    OPEN = "open", pgettext_lazy("objection", "waits for an answer")
    DISMISSED = "dismissed", _("answered, the plan stays")
    UPHELD = "upheld", _("upheld, the plan is withdrawn")


class ShareRole(models.TextChoices):
    """收益分配对象."""

    CONTRIBUTOR = "contributor", _("contributor to the result or its conversion")
    TRANSFER_OFFICE = "transfer_office", _("transfer office or technology manager")


class RegistrationState(models.TextChoices):
    """合同登记状态."""

    PREPARING = "preparing", _("form being filled in")
    HANDED_IN = "handed_in", _("handed in to the registration body")
    REGISTERED = "registered", pgettext_lazy("contract", "registered")
    REFUSED = "refused", _("not recognised")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")


class DiligenceStep(models.TextChoices):
    """尽职步骤 (科学技术进步法第九十七条; the ids are those of the rulebook's list rights.diligence_file)."""

    DECISION = "decision", _("decision by the proper body")
    PUBLICATION = "publication", pgettext_lazy("due diligence", "publication")
    CARE = "care", _("reasonable care")
    SUPERVISION = "supervision", _("supervision")
    NO_GAIN = "no_gain", _("no unlawful gain")


class CommentState(models.TextChoices):
    """意见状态."""

    OPEN = "open", pgettext_lazy("comment", "open")
    RESOLVED = "resolved", pgettext_lazy("comment", "settled")


class PricedWay(models.TextChoices):
    """转化方式 for which a price has to be found (促进科技成果转化法第十八条)."""

    TRANSFER = "transfer", pgettext_lazy("way of conversion", "transfer")
    LICENCE = "licence", pgettext_lazy("way of conversion", "licence")
    EQUITY = "equity", _("equity in kind")


class PriceMethod(models.TextChoices):
    """定价方式 (促进科技成果转化法第十八条)."""

    AGREEMENT = "agreement", _("by agreement")
    LISTING = "listing", _("listed on a technology market")
    AUCTION = "auction", _("by auction")
    TENDER = "tender", _("by tender")


class PriceState(models.TextChoices):
    """定价状态."""

    PREPARED = "prepared", pgettext_lazy("price", "being prepared")
    NOTICED = "noticed", _("on public notice")
    OFFERED = "offered", pgettext_lazy("price", "offered publicly")
    FOUND = "found", pgettext_lazy("price", "found")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RelatedTo(models.TextChoices):
    """关联关系: to whom the buyer is related."""

    NONE = "none", pgettext_lazy("related to", "nobody")
    INVENTORS = "inventors", _("people who completed the result")
    SELLER = "seller", _("the seller or those who lead it")
    BOTH = "both", _("both the seller and people who completed the result")


class NoticeReach(models.TextChoices):
    """公示范围."""

    UNIT = "unit", _("within the unit")
    PUBLIC = "public", _("on the technology market, for everybody")


class PriceObjectionState(models.TextChoices):
    """定价异议状态."""

    OPEN = "open", pgettext_lazy("objection", "waits for an answer")
    DISMISSED = "dismissed", _("answered, the price stays")
    UPHELD = "upheld", _("upheld, the price is withdrawn")


class CertificateState(models.TextChoices):
    """电子签名认证状态."""

    ASKED = "asked", _("to be sent to the provider")
    SENT = "sent", _("with the provider")
    CERTIFIED = "certified", _("certified by the provider")
    REFUSED = "refused", pgettext_lazy("certificate", "not certified")
