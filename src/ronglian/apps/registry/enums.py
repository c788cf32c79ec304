"""Code lists of the registry, in the field's standard terms (docs/reference/glossary.yaml)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """记录状态."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Disclosure(models.TextChoices):
    """公开范围."""

    PUBLIC = "public", _("everybody")
    ORGANISATION = "organisation", _("own organisation only")


class TechnologyField(models.TextChoices):
    """技术领域: the eleven fields of the national technology-contract statistics."""

    ELECTRONIC_INFORMATION = "electronic_information", _("electronics and information")
    AEROSPACE = "aerospace", _("aerospace")
    ADVANCED_MANUFACTURING = "advanced_manufacturing", _("advanced manufacturing")
    BIOMEDICINE = "biomedicine", _("biology, medicine and medical devices")
    NEW_MATERIALS = "new_materials", _("new materials and their application")
    NEW_ENERGY = "new_energy", _("new energy and energy efficiency")
    ENVIRONMENT = "environment", _("environment and resources")
    NUCLEAR = "nuclear", _("nuclear applications")
    AGRICULTURE = "agriculture", _("agriculture")
    MODERN_TRANSPORT = "modern_transport", _("modern transport")
    URBAN_SOCIAL = "urban_social", _("urban construction and social development")


class OutputForm(models.TextChoices):
    """成果体现形式."""

    NEW_TECHNOLOGY = "new_technology", _("new technology")
    NEW_PROCESS = "new_process", _("new process")
    NEW_PRODUCT = "new_product", _("new product")
    NEW_MATERIAL = "new_material", _("new material")
    NEW_EQUIPMENT = "new_equipment", _("new equipment")
    SOFTWARE = "software", _("software")
    NEW_VARIETY = "new_variety", _("new plant or animal variety")
    OTHER = "other", _("other")


class Stage(models.TextChoices):
    """所处阶段, as on the form for registering results."""

    INITIAL = "initial", _("early stage")
    PILOT = "pilot", _("intermediate stage (pilot)")
    MATURE = "mature", _("mature application")


class TechnicalLevel(models.TextChoices):
    """技术水平."""

    INTERNATIONAL_LEADING = "international_leading", _("internationally leading")
    INTERNATIONAL_ADVANCED = "international_advanced", _("internationally advanced")
    DOMESTIC_LEADING = "domestic_leading", _("domestically leading")
    DOMESTIC_ADVANCED = "domestic_advanced", _("domestically advanced")
    UNASSESSED = "unassessed", _("not assessed")


class IpKind(models.TextChoices):
    """知识产权."""

    INVENTION_PATENT = "invention_patent", _("invention patent")
    UTILITY_MODEL = "utility_model", _("utility model")
    DESIGN = "design", _("registered design")
    SOFTWARE_COPYRIGHT = "software_copyright", _("software copyright")
    IC_LAYOUT = "ic_layout", _("layout design of an integrated circuit")
    PLANT_VARIETY = "plant_variety", _("plant variety right")
    TECHNICAL_SECRET = "technical_secret", _("know-how")
    NONE = "none", _("no intellectual property")


class TransferMode(models.TextChoices):
    """转化方式 / 合作方式, by the kinds of technology contract (民法典 843–887)."""

    TRANSFER = "transfer", _("transfer of the right")
    LICENCE_EXCLUSIVE = "licence_exclusive", _("exclusive licence")
    LICENCE_SOLE = "licence_sole", _("sole licence")
    LICENCE_ORDINARY = "licence_ordinary", _("ordinary licence")
    OPEN_LICENCE = "open_licence", _("open patent licence")
    PAY_AFTER_USE = "pay_after_use", _("use first, pay later")
    EQUITY = "equity", _("technology as equity")
    DEVELOPMENT = "development", _("commissioned or joint development")
    CONSULTING = "consulting", _("technical consulting")
    SERVICE = "service", _("technical service")


class HardConstraint(models.TextChoices):
    """硬约束: what rules a result out instead of lowering its score."""

    MATURITY = "maturity", _("maturity")
    BUDGET = "budget", _("budget")
    REGION = "region", _("region")
    MODE = "mode", _("cooperation mode")


class SearchedKind(models.TextChoices):
    """检索对象: the lists a search can be saved of."""

    RESULTS = "results", _("results")
    NEEDS = "needs", _("needs")


class AlertFrequency(models.TextChoices):
    """提醒频率."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    OFF = "off", _("not at all")
