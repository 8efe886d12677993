"""Addresses of the staff shell."""

from django.urls import path

from quita.backoffice.web import bulk, cases, home, lists, search, tasks, titles, work

app_name = "backoffice"
urlpatterns = [
    path("", home.home, name="home"),
    path("hoje/execucao/", home.run_card, name="run_card"),
    path("hoje/pronto/", home.ready, name="ready"),
    path("fila/", lists.titles, name="worklist"),
    path("fila/total/", lists.title_total, name="titles_total"),
    path("fila/<str:kind>/<str:action>/", bulk.act, name="bulk"),
    path("cobrancas/", lists.cases, name="cases"),
    path("cobrancas/total/", lists.case_total, name="cases_total"),
    path("cobrancas/<int:case_id>/", cases.case, name="case"),
    path("cobrancas/<int:case_id>/historico/", cases.story, name="story"),
    path("cobrancas/<int:case_id>/promessa/", work.promise, name="promise"),
    path("cobrancas/<int:case_id>/promessa/<int:promise_id>/retirar/", work.withdraw_promise, name="withdraw_promise"),
    path("cobrancas/<int:case_id>/suspensao/<int:hold_id>/encerrar/", work.lift_hold, name="lift_hold"),
    path("cobrancas/<int:case_id>/chamado/<int:ticket_id>/encerrar/", work.close_ticket, name="close_ticket"),
    path("titulos/<int:receivable_id>/", titles.title, name="title"),
    path("titulos/<int:receivable_id>/contestacao/", work.dispute, name="dispute"),
    path(
        "titulos/<int:receivable_id>/contestacao/<int:dispute_id>/encerrar/", work.close_dispute, name="close_dispute"
    ),
    path("tarefas/", tasks.tasks, name="tasks"),
    path("tarefas/<int:task_id>/pegar/", tasks.take, name="take_task"),
    path("tarefas/<int:task_id>/concluir/", work.complete_task, name="complete_task"),
    path("buscar/", search.search, name="search"),
]
