"""The addresses of cases and of what belongs to them, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import case_parts, cases

screens: list[URLPattern] = [
    path("cases/", cases.show_board, name="cases"),
    path("cases/open/", cases.open_new, name="case-open"),
    path("cases/calendar/", case_parts.own_calendar, name="case-calendar"),
    path("cases/<uuid:public_id>/", cases.show_case, name="case"),
    path("cases/<uuid:public_id>/plan/", cases.plan, name="case-plan"),
    path("cases/<uuid:public_id>/advance/", cases.advance, name="case-advance"),
    path("cases/<uuid:public_id>/partner/", cases.choose, name="case-partner"),
    path("cases/<uuid:public_id>/introduce/", cases.introduce, name="case-introduce"),
    path("cases/<uuid:public_id>/name/", cases.name, name="case-name"),
    path("cases/<uuid:public_id>/confirm/", cases.confirm, name="case-confirm"),
    path("cases/<uuid:public_id>/object/", cases.object_to, name="case-object"),
    path("cases/<uuid:public_id>/contacts/", case_parts.log, name="case-contact"),
    path("cases/<uuid:public_id>/tasks/", case_parts.add, name="case-task"),
    path("cases/<uuid:public_id>/offer/", case_parts.offer, name="case-offer"),
    path("cases/<uuid:public_id>/terms/", case_parts.propose, name="case-terms"),
    path("cases/<uuid:public_id>/introduction/", case_parts.show_introduction, name="case-introduction"),
    path("cases/<uuid:public_id>/introduction/answer/", case_parts.answer, name="introduction-answer"),
    path("cases/<uuid:public_id>/introduction/receipt.json", case_parts.receipt, name="introduction-receipt"),
    path("tasks/<uuid:public_id>/finish/", case_parts.finish, name="task-finish"),
    path("tasks/<uuid:public_id>/postpone/", case_parts.postpone, name="task-postpone"),
    path("tasks/<uuid:public_id>/task.ics", case_parts.task_file, name="task-file"),
    path("hand-overs/<uuid:public_id>/accept/", case_parts.take, name="offer-accept"),
    path("hand-overs/<uuid:public_id>/decline/", case_parts.decline_offer, name="offer-decline"),
    path("hand-overs/<uuid:public_id>/take-back/", case_parts.take_back, name="offer-take-back"),
    path("objections/<uuid:public_id>/answer/", case_parts.answer_stop, name="objection-answer"),
    path("terms/<uuid:public_id>/accept/", case_parts.accept_terms, name="terms-accept"),
    path("terms/<uuid:public_id>/decline/", case_parts.decline_terms, name="terms-decline"),
]
